/**
 * What cases compute, from inputs to outputs, through the public SPI alone: runners hold it against
 * goldens, the recorder writes it down as goldens.
 */
package dev.showo2.conformance.internal.golden.pass;
