/**
 * Verification of a finished bundle on a backend, against the inputs and outputs that the
 * calibration recorded.
 */
package dev.showo2.export.internal.verify;
