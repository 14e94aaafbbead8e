/** The conformance kit: proves that a backend computes Show-o2, rule by rule. */
package dev.showo2.conformance;
