/** Cancellation that comes from outside: the end of the JVM and interrupts. */
package dev.showo2.error.internal;
