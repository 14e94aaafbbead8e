/** Measures the speed and memory of a backend on a bundle, beside the machine's own limits. */
package dev.showo2.bench;
