/**
 * Computes cases, from inputs to outputs, through the public SPI alone: runners compare the outputs
 * with goldens, the recorder writes them as goldens.
 */
package dev.showo2.conformance.internal.golden.pass;
