package dev.showo2.train.data;

import java.util.List;

/**
 * A row and its images before they are encoded.
 *
 * @param row with its clean spans
 * @param images one for each span
 * @param origin of the example
 */
record PreparedRow(FormattedRow row, List<PreparedImage> images, String origin) {}
