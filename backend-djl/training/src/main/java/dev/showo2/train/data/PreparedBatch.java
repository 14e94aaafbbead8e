package dev.showo2.train.data;

import java.util.List;

/**
 * The rows of a batch whose images are not encoded yet, and the state behind it.
 *
 * @param rows in their order
 * @param preparer of its first rows, all of whose latents have one shape
 * @param length of the longest rows
 * @param spans of the rows with most of them
 * @param next state, in which the state of noise and times is missing
 */
record PreparedBatch(
    List<PreparedRow> rows, RowPreparer preparer, int length, int spans, BatchState next) {}
