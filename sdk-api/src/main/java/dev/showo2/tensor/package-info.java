/**
 * Arrays of numbers: opaque ones that live where a backend computes and are closed by whoever
 * received them, and plain ones in the JVM's memory that host arithmetic works with.
 */
package dev.showo2.tensor;
