/** The process that is measured, and what it does. */
package dev.showo2.bench.internal;
