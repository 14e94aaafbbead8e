package dev.showo2.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.stage.TokenGrid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads and writes the architecture within {@code showo2.json}. */
final class ArchitectureJson {

  /** Far above every model in sight; keeps products of two sizes well within an int. */
  private static final int MAX_SIZE = 1 << 20;

  private static final int MAX_COUNT = 1 << 10;

  /** Each but the last halves the image, down to a part in {@code VAE_SPATIAL_FACTOR}. */
  private static final int VAE_LEVELS =
      1 + Integer.numberOfTrailingZeros(Architecture.VAE_SPATIAL_FACTOR);

  /** Those that halve the frame rate, too. */
  private static final int VAE_TEMPORAL_LEVELS =
      Integer.numberOfTrailingZeros(Architecture.VAE_TEMPORAL_FACTOR);

  private ArchitectureJson() {}

  static Architecture read(JsonFields json) {
    return new Architecture(
        readBackbone(json.object("backbone")),
        readSemantic(json.object("semantic")),
        readFlowHead(json.object("flow_head")),
        readVae(json.object("vae")),
        json.integer("patch_size", 1, 16),
        readGrid(json, "image_grid"),
        readGrid(json, "video_grid"),
        readGrid(json, "video_understanding_grid"));
  }

  private static Architecture.Decoder readBackbone(JsonFields json) {
    requireDivides(json, "heads", "key_value_heads");
    requireEven(json, "head_size");
    return new Architecture.Decoder(
        size(json, "hidden_size"),
        count(json, "layers"),
        count(json, "heads"),
        count(json, "key_value_heads"),
        size(json, "head_size"),
        size(json, "feed_forward_size"),
        json.integer("vocabulary_size", 1, 1 << 24),
        json.positiveNumber("norm_epsilon"),
        json.positiveNumber("rope_theta"),
        json.bool("tied_embeddings"));
  }

  private static Architecture.Semantic readSemantic(JsonFields json) {
    requireDivides(json, "hidden_size", "heads");
    return new Architecture.Semantic(
        size(json, "hidden_size"),
        count(json, "layers"),
        count(json, "heads"),
        size(json, "feed_forward_size"),
        json.positiveNumber("norm_epsilon"),
        size(json, "positions"));
  }

  private static Architecture.FlowHead readFlowHead(JsonFields json) {
    requireDivides(json, "heads", "key_value_heads");
    requireEven(json, "head_size");
    JsonFields scaling = json.object("rope_scaling");
    return new Architecture.FlowHead(
        size(json, "hidden_size"),
        count(json, "layers"),
        count(json, "heads"),
        count(json, "key_value_heads"),
        size(json, "head_size"),
        size(json, "feed_forward_size"),
        json.positiveNumber("norm_epsilon"),
        json.positiveNumber("rope_theta"),
        new Architecture.RopeScaling(
            scaling.positiveNumber("factor"),
            scaling.positiveNumber("low_frequency_factor"),
            scaling.positiveNumber("high_frequency_factor"),
            size(scaling, "original_length")));
  }

  private static Architecture.Vae readVae(JsonFields json) {
    int channels = json.integer("latent_channels", 1, MAX_COUNT);
    List<Integer> multipliers = new ArrayList<>();
    for (long multiplier : json.longs("multipliers")) {
      if (multiplier < 1 || multiplier > MAX_COUNT) {
        throw json.wrong("multipliers", "integers from 1 to " + MAX_COUNT);
      }
      multipliers.add((int) multiplier);
    }
    if (multipliers.size() != VAE_LEVELS) {
      throw json.wrong("multipliers", "one for each of " + VAE_LEVELS + " levels");
    }
    List<Boolean> temporal = new ArrayList<>();
    for (boolean halved : json.booleans("temporal_downsample")) {
      temporal.add(halved);
    }
    if (temporal.size() != VAE_LEVELS - 1
        || Collections.frequency(temporal, true) != VAE_TEMPORAL_LEVELS) {
      throw json.wrong("temporal_downsample", "3 entries, 2 of them true");
    }
    return new Architecture.Vae(
        size(json, "width"),
        channels,
        multipliers,
        count(json, "residual_blocks"),
        temporal,
        perChannel(json, "latent_means", channels),
        deviations(json, channels));
  }

  private static List<Float> deviations(JsonFields json, int channels) {
    List<Float> values = perChannel(json, "latent_deviations", channels);
    if (values.stream().anyMatch(value -> !(value > 0))) {
      throw json.wrong("latent_deviations", "numbers above 0");
    }
    return values;
  }

  private static List<Float> perChannel(JsonFields json, String name, int channels) {
    List<Float> values = new ArrayList<>();
    for (float value : json.floats(name)) {
      values.add(value);
    }
    if (values.size() != channels) {
      throw json.wrong(name, channels + " numbers, one per latent channel");
    }
    return values;
  }

  private static TokenGrid readGrid(JsonFields json, String name) {
    long[] values = json.longs(name);
    if (values.length != 2
        || values[0] < 1
        || values[1] < 1
        || values[0] > MAX_COUNT
        || values[1] > MAX_COUNT) {
      throw json.wrong(name, "[rows, columns], each from 1 to " + MAX_COUNT);
    }
    return new TokenGrid((int) values[0], (int) values[1]);
  }

  private static void requireDivides(JsonFields json, String whole, String part) {
    if (size(json, whole) % size(json, part) != 0) {
      throw json.wrong(whole, "a multiple of '" + part + "' (" + json.text(part) + ")");
    }
  }

  /** Rotary embeddings rotate pairs of elements. */
  private static void requireEven(JsonFields json, String name) {
    if (size(json, name) % 2 != 0) {
      throw json.wrong(name, "an even number");
    }
  }

  private static int size(JsonFields json, String name) {
    return json.integer(name, 1, MAX_SIZE);
  }

  private static int count(JsonFields json, String name) {
    return json.integer(name, 1, MAX_COUNT);
  }

  static JsonObject write(Architecture architecture) {
    JsonObject json = new JsonObject();
    json.add("backbone", writeBackbone(architecture.backbone()));
    json.add("semantic", writeSemantic(architecture.semantic()));
    json.add("flow_head", writeFlowHead(architecture.flowHead()));
    json.add("vae", writeVae(architecture.vae()));
    json.addProperty("patch_size", architecture.patchSize());
    json.add("image_grid", writeGrid(architecture.imageGrid()));
    json.add("video_grid", writeGrid(architecture.videoGrid()));
    json.add("video_understanding_grid", writeGrid(architecture.videoUnderstandingGrid()));
    return json;
  }

  private static JsonObject writeBackbone(Architecture.Decoder backbone) {
    JsonObject json = new JsonObject();
    json.addProperty("hidden_size", backbone.hiddenSize());
    json.addProperty("layers", backbone.layers());
    json.addProperty("heads", backbone.heads());
    json.addProperty("key_value_heads", backbone.keyValueHeads());
    json.addProperty("head_size", backbone.headSize());
    json.addProperty("feed_forward_size", backbone.feedForwardSize());
    json.addProperty("vocabulary_size", backbone.vocabularySize());
    json.addProperty("norm_epsilon", backbone.normEpsilon());
    json.addProperty("rope_theta", backbone.ropeTheta());
    json.addProperty("tied_embeddings", backbone.tiedEmbeddings());
    return json;
  }

  private static JsonObject writeSemantic(Architecture.Semantic semantic) {
    JsonObject json = new JsonObject();
    json.addProperty("hidden_size", semantic.hiddenSize());
    json.addProperty("layers", semantic.layers());
    json.addProperty("heads", semantic.heads());
    json.addProperty("feed_forward_size", semantic.feedForwardSize());
    json.addProperty("norm_epsilon", semantic.normEpsilon());
    json.addProperty("positions", semantic.positions());
    return json;
  }

  private static JsonObject writeFlowHead(Architecture.FlowHead flowHead) {
    JsonObject json = new JsonObject();
    json.addProperty("hidden_size", flowHead.hiddenSize());
    json.addProperty("layers", flowHead.layers());
    json.addProperty("heads", flowHead.heads());
    json.addProperty("key_value_heads", flowHead.keyValueHeads());
    json.addProperty("head_size", flowHead.headSize());
    json.addProperty("feed_forward_size", flowHead.feedForwardSize());
    json.addProperty("norm_epsilon", flowHead.normEpsilon());
    json.addProperty("rope_theta", flowHead.ropeTheta());
    JsonObject scaling = new JsonObject();
    scaling.addProperty("factor", flowHead.ropeScaling().factor());
    scaling.addProperty("low_frequency_factor", flowHead.ropeScaling().lowFrequencyFactor());
    scaling.addProperty("high_frequency_factor", flowHead.ropeScaling().highFrequencyFactor());
    scaling.addProperty("original_length", flowHead.ropeScaling().originalLength());
    json.add("rope_scaling", scaling);
    return json;
  }

  private static JsonObject writeVae(Architecture.Vae vae) {
    JsonObject json = new JsonObject();
    json.addProperty("width", vae.width());
    json.addProperty("latent_channels", vae.latentChannels());
    JsonArray multipliers = new JsonArray();
    vae.multipliers().forEach(multipliers::add);
    json.add("multipliers", multipliers);
    json.addProperty("residual_blocks", vae.residualBlocks());
    JsonArray temporal = new JsonArray();
    vae.temporalDownsample().forEach(temporal::add);
    json.add("temporal_downsample", temporal);
    JsonArray means = new JsonArray();
    vae.latentMeans().forEach(means::add);
    json.add("latent_means", means);
    JsonArray deviations = new JsonArray();
    vae.latentDeviations().forEach(deviations::add);
    json.add("latent_deviations", deviations);
    return json;
  }

  private static JsonArray writeGrid(TokenGrid grid) {
    JsonArray json = new JsonArray();
    json.add(grid.rows());
    json.add(grid.columns());
    return json;
  }
}
