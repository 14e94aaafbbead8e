/** Golden cases: what the official code computed with a checkpoint. */
package dev.showo2.conformance.golden;
