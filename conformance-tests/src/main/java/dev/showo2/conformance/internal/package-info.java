/** Machinery of the conformance kit; carries no promise. */
package dev.showo2.conformance.internal;
