/** The experiments that test the rules, one class a chapter or part of it. */
package dev.showo2.conformance.internal.check;
