package dev.showo2.train.data;

import java.util.List;
import java.util.Optional;

/**
 * A row and its images before they are encoded.
 *
 * @param row with its clean spans
 * @param images one for each span
 * @param features of a teacher, of the first image; only where they are needed
 * @param origin of the example
 * @param loader whose row it is
 */
record PreparedRow(
    FormattedRow row,
    List<PreparedImage> images,
    Optional<PreparedImage> features,
    String origin,
    RowLoader loader) {}
