package dev.showo2.model;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.testing.FakeBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureJsonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backbone|heads|3|'heads' should be a multiple of 'key_value_heads' (2), found 3",
        "backbone|head_size|3|'head_size' should be an even number, found 3",
        "backbone|layers|0|'layers' should be an integer from 1 to 1024, found 0",
        "backbone|layers|1e9|'layers' should be an integer from 1 to 1024",
        "backbone|hidden_size|1048577|'hidden_size' should be an integer from 1 to 1048576",
        "backbone|norm_epsilon|0|'norm_epsilon' should be a number above 0, found 0",
        "backbone|rope_theta|-1|'rope_theta' should be a number above 0",
        "backbone|rope_theta|1e999|'rope_theta' should be a finite number",
        "backbone|tied_embeddings|1|'tied_embeddings' should be true or false, found 1",
        "semantic|heads|3|'hidden_size' should be a multiple of 'heads' (3), found 8",
        "flow_head|heads|3|flow_head: 'heads' should be a multiple of 'key_value_heads'",
        "flow_head|rope_scaling|[]|'rope_scaling' should be an object, found []",
        "vae|latent_means|[0.5]|vae: 'latent_means' should be 16 numbers, one per latent channel",
        "vae|latent_means|[0.5,\"x\"]|'latent_means[1]' should be a number that a 32-bit float",
        "vae|latent_channels|15|'latent_means' should be 15 numbers",
        "vae|latent_deviations|[0,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]|should be numbers above 0",
        "vae|multipliers|[1,2]|'multipliers' should be one for each of 4 levels, found [1,2]",
        "vae|multipliers|[]|'multipliers' should be one for each of 4 levels, found []",
        "vae|multipliers|[1,2,4,0]|'multipliers' should be integers from 1 to 1024",
        "vae|temporal_downsample|[true,true]|should be 3 entries, 2 of them true",
        "vae|temporal_downsample|[true,true,true]|should be 3 entries, 2 of them true",
        "vae|temporal_downsample|[true,true,0]|'temporal_downsample[2]' should be true or false",
      })
  void refusesSizesThatDoNotFit(String part, String field, String value, String message) {
    JsonObject json = ArchitectureJson.write(FakeBundle.architecture(4));
    // Two heads of keys and values, so that three heads of queries do not divide.
    json.getAsJsonObject("backbone").addProperty("key_value_heads", 2);
    json.getAsJsonObject("flow_head").addProperty("key_value_heads", 2);
    json.getAsJsonObject(part).add(field, JsonParser.parseString(value));
    assertRefused(json, message);
  }

  /** As many as would halve to the same factor if they were counted in 32 bits. */
  @Test
  void refusesLevelsWithoutEnd() {
    JsonObject json = ArchitectureJson.write(FakeBundle.architecture(4));
    JsonObject vae = json.getAsJsonObject("vae");
    for (int i = 0; i < 32; i++) {
      vae.getAsJsonArray("multipliers").add(1);
      vae.getAsJsonArray("temporal_downsample").add(false);
    }
    assertRefused(json, "'multipliers' should be one for each of 4 levels, found [1,2,4,4,1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[2]", "[2,0]", "[1025,2]", "[2,2,2]", "[-1,-1]"})
  void refusesGridsThatAreNone(String grid) {
    JsonObject json = ArchitectureJson.write(FakeBundle.architecture(4));
    JsonElement value = JsonParser.parseString(grid);
    json.add("image_grid", value);
    assertRefused(json, "'image_grid' should be [rows, columns], each from 1 to 1024, found", grid);
  }

  @Test
  void derivesValuesFromSizes() {
    Architecture own = FakeBundle.architecture(4);
    assertEquals(16, own.pixelsPerToken());
    assertTrue(own.projectsHidden());
    assertFalse(own.interpolatesPositions());
    assertTrue(FakeBundle.architecture(9).interpolatesPositions());
  }

  private static void assertRefused(JsonObject json, String... parts) {
    assertFails(
        InvalidModelException.class,
        () -> ArchitectureJson.read(JsonFields.of(json, "test")),
        parts);
  }
}
