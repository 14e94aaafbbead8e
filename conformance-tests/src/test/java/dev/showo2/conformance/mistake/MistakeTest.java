package dev.showo2.conformance.mistake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.Variation;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ExportedModels.class)
class MistakeTest {

  @Test
  void everyMistakeHasANameOfItsOwn() {
    List<Mistake> all = Mistake.all();
    assertEquals(all.size(), all.stream().map(Mistake::id).collect(Collectors.toSet()).size());
    for (Mistake mistake : all) {
      assertTrue(mistake.id().matches("[a-z]+(-[a-z]+)*"), mistake.id());
      assertEquals(mistake, Mistake.named(mistake.id()));
    }
  }

  @Test
  void everyMistakeSaysInOneLineWhatHappensAndWhereToLook() {
    for (Mistake mistake : Mistake.all()) {
      for (String line : List.of(mistake.whatHappens(), mistake.lookAt())) {
        assertFalse(line.isBlank() || line.contains("\n") || line.endsWith("."), line);
      }
      assertFalse(mistake.stages().isEmpty(), mistake.id());
    }
  }

  @Test
  void anUnknownNameIsAnsweredWithThoseThereAre() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Mistake.named("rope")).getMessage();
    assertTrue(message.startsWith("no mistake 'rope', there are ["), message);
    assertTrue(message.contains("rope-not-scaled"), message);
  }

  @Test
  void someModelsHideSomeMistakes(Models models) {
    assertEquals(
        Set.of("positions-not-interpolated", "positions-bilinear", "head-tied"),
        hidden(models.bundle("tiny-a").architecture()));
    assertEquals(Set.of(), hidden(models.bundle("tiny-b").architecture()));
  }

  private static Set<String> hidden(Architecture architecture) {
    return Mistake.all().stream()
        .filter(mistake -> !mistake.showsIn(architecture))
        .map(Mistake::id)
        .collect(Collectors.toSet());
  }

  @Test
  void aMistakeOfACallIsMadeAroundAnyBackendAndAMistakeWithinIsNot(Models models) {
    Architecture architecture = models.bundle("tiny-a").architecture();
    try (Backend right = Variation.none(architecture).open(models.bundle("tiny-a"))) {
      assertEquals(Optional.empty(), Mistake.named("rope-not-scaled").around(right, architecture));
    }
    Backend right = Variation.none(architecture).open(models.bundle("tiny-a"));
    try (Backend around = Mistake.named("image-causal").around(right, architecture).orElseThrow()) {
      assertEquals(right.capabilities(), around.capabilities());
    }
    assertThrows(IllegalStateException.class, () -> right.backbone().newCache(1).close());
  }
}
