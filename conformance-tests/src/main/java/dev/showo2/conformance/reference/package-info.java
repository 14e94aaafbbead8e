/** The reference backend: slow, in plain Java, and what others are compared with. */
package dev.showo2.conformance.reference;
