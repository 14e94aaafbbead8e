/** The list of all checks, and the runner that turns each into an outcome. */
package dev.showo2.conformance.internal.check.run;
