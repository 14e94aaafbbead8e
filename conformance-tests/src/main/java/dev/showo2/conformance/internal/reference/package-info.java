/**
 * A backend in plain Java that is slow and meant to be read: one class per stage, beside SPEC 1 to
 * 6. What it computes for a checkpoint is what others are compared with where no golden exists.
 *
 * <p>All arithmetic is in doubles, but where the released code's rounding to 32-bit floats can be
 * seen in the results. Weights stay in their files, so the heap that it needs hardly grows with the
 * model.
 */
package dev.showo2.conformance.internal.reference;
