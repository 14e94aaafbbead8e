package dev.showo2.backend.djl;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Attention;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import dev.showo2.train.spi.TrainingBatch.SpanKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The sizes of a batch that fits a model, and the positions on which its losses depend.
 *
 * @param frames of each latent; 1 for images
 * @param grid of the tokens of a frame
 * @param kind of all spans in use
 */
record BatchLayout(
    TrainingBatch batch, Architecture architecture, int frames, TokenGrid grid, SpanKind kind) {

  /** Positions of a span that follow each other and attend alike. */
  record Part(int length, Attention attention) {}

  /** A position of a row. */
  record Position(int row, int index) {}

  /**
   * @param from the position whose hidden state is to predict the token
   */
  record Label(Position from, int token) {}

  /**
   * @throws InvalidRequestException if the batch does not fit the model
   */
  static BatchLayout of(TrainingBatch batch, Architecture architecture) {
    Shape latents = batch.latents().shape();
    int frames = latents.rank() == 5 ? Math.toIntExact(latents.dimension(2)) : 1;
    SpanKind kind =
        batch.rows().stream()
            .flatMap(row -> row.spans().stream())
            .filter(span -> span.length() > 0)
            .map(Span::kind)
            .findFirst()
            .orElse(SpanKind.VISUAL);
    BatchLayout layout =
        new BatchLayout(batch, architecture, frames, grid(latents, architecture), kind);
    layout.check();
    return layout;
  }

  /**
   * The grid of a frame's tokens.
   *
   * @param latents [N, C, h, w] or [N, C, T, h, w]
   * @throws InvalidRequestException if they do not fit the model
   */
  static TokenGrid grid(Shape latents, Architecture architecture) {
    int patch = architecture.patchSize();
    int rank = latents.rank();
    long channels = architecture.vae().latentChannels();
    int rows = Math.toIntExact(latents.dimension(rank - 2)) / patch;
    int columns = Math.toIntExact(latents.dimension(rank - 1)) / patch;
    if (latents.dimension(1) != channels
        || rows == 0
        || columns == 0
        || latents.dimension(rank - 2) % patch != 0
        || latents.dimension(rank - 1) % patch != 0) {
      throw new InvalidRequestException(
          "expected latents of "
              + channels
              + " channels whose height and width are multiples of "
              + patch
              + ", found "
              + latents);
    }
    TokenGrid grid = new TokenGrid(rows, columns);
    if (!architecture.interpolatesPositions()
        && grid.tokens() != architecture.imageGrid().tokens()) {
      throw new InvalidRequestException(
          "this model has positions for "
              + architecture.imageGrid().tokens()
              + " image tokens, found latents of "
              + grid.tokens()
              + "; train on images of its size");
    }
    return grid;
  }

  /** The number of tokens of an image or video and its time. */
  int spanLength() {
    return 1 + frames * resized().orElse(grid).tokens();
  }

  /** The grid to which the tokens of each frame are resized. */
  Optional<TokenGrid> resized() {
    return kind == SpanKind.FRAMES
        ? Optional.of(architecture.videoUnderstandingGrid())
        : Optional.empty();
  }

  /** The parts of a span, with the time token. */
  List<Part> parts() {
    if (kind != SpanKind.FRAMES) {
      return List.of(new Part(spanLength(), Attention.FULL));
    }
    int tokens = spanLength() - 1;
    int full = Math.min(tokens, architecture.imageGrid().tokens() + 1);
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(1, Attention.CAUSAL));
    parts.add(new Part(full, Attention.FULL));
    if (full < tokens) {
      parts.add(new Part(tokens - full, Attention.CAUSAL));
    }
    return parts;
  }

  private void check() {
    int vocabulary = architecture.backbone().vocabularySize();
    for (int row = 0; row < batch.rows().size(); row++) {
      check(row, batch.rows().get(row), vocabulary);
    }
  }

  private void check(int index, Row row, int vocabulary) {
    String name = "row " + index + " of the batch";
    boolean[] inSpan = new boolean[row.tokens().length];
    int end = 0;
    for (Span span : row.spans()) {
      if (span.length() == 0) {
        if (span.offset() != 0) {
          throw new InvalidRequestException(
              name + ": an empty span must be at position 0, found " + span);
        }
        continue;
      }
      if (span.length() != spanLength() || span.offset() < end || span.kind() != kind) {
        throw new InvalidRequestException(
            name
                + ": expected spans one behind the other with "
                + spanLength()
                + " tokens, as the latents have, and of the kind "
                + kind
                + ", found "
                + row.spans());
      }
      end = span.offset() + span.length();
      Arrays.fill(inSpan, span.offset(), end, kind == SpanKind.VISUAL);
    }
    for (int i = 0; i < row.tokens().length; i++) {
      requireToken(name, row.tokens()[i], vocabulary);
      if (row.labels()[i] != TrainingBatch.NO_LABEL) {
        requireToken(name, row.labels()[i], vocabulary);
      }
      if (row.flowMask()[i] && !inSpan[i] && i > 0) {
        throw new InvalidRequestException(
            name
                + ": the flow mask is set at position "
                + i
                + ", which is in no span"
                + (kind == SpanKind.FRAMES ? " with velocities" : ""));
      }
    }
  }

  private static void requireToken(String name, int id, int vocabulary) {
    if (id < 0 || id >= vocabulary) {
      throw new InvalidRequestException(
          name + ": expected token ids from 0 to " + (vocabulary - 1) + ", found " + id);
    }
  }

  List<Label> labels() {
    List<Label> found = new ArrayList<>();
    for (int row = 0; row < batch.rows().size(); row++) {
      int[] labels = batch.rows().get(row).labels();
      for (int i = 1; i < labels.length; i++) {
        if (labels[i] != TrainingBatch.NO_LABEL) {
          found.add(new Label(new Position(row, i - 1), labels[i]));
        }
      }
    }
    return found;
  }

  /** The positions whose velocity counts: those of the mask but for the times. */
  List<Position> masked() {
    List<Position> found = new ArrayList<>();
    for (int row = 0; row < batch.rows().size(); row++) {
      boolean[] mask = batch.rows().get(row).flowMask().clone();
      batch.rows().get(row).spans().forEach(span -> mask[span.offset()] = false);
      for (int i = 0; i < mask.length; i++) {
        if (mask[i]) {
          found.add(new Position(row, i));
        }
      }
    }
    return found;
  }

  /**
   * The length to which each row is needed: to the last of its positions, and the span around it.
   */
  int[] lengths(List<Position> positions) {
    int[] lengths = new int[batch.rows().size()];
    for (Position position : positions) {
      int end = position.index() + 1;
      if (end <= lengths[position.row()]) {
        continue;
      }
      for (Span span : batch.rows().get(position.row()).spans()) {
        if (span.offset() <= position.index() && position.index() < span.offset() + span.length()) {
          end = span.offset() + span.length();
        }
      }
      lengths[position.row()] = end;
    }
    return lengths;
  }
}
