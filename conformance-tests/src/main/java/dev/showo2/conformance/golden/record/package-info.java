/**
 * Writes down what one backend computes, as cases in the reference format: for other backends and
 * machines to be compared with, where the reference code itself cannot be run.
 */
package dev.showo2.conformance.golden.record;
