package dev.showo2.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.internal.reference.Variation;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.CacheRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ExportedModels.class)
class FaultTest {

  @Test
  void everyFaultHasANameOfItsOwn() {
    List<Fault> all = Fault.all();
    assertEquals(all.size(), all.stream().map(Fault::id).collect(Collectors.toSet()).size());
    for (Fault fault : all) {
      assertTrue(fault.id().matches("[a-z]+(-[a-z]+)*"), fault.id());
      assertEquals(fault, Fault.named(fault.id()));
    }
  }

  @Test
  void everyFaultSaysInOneLineWhatHappensAndWhereToLook() {
    for (Fault fault : Fault.all()) {
      for (String line : List.of(fault.whatHappens(), fault.lookAt())) {
        assertFalse(line.isBlank() || line.contains("\n") || line.endsWith("."), line);
      }
      assertFalse(fault.stages().isEmpty(), fault.id());
    }
  }

  @Test
  void anUnknownNameIsAnsweredWithThoseThereAre() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Fault.named("rope")).getMessage();
    assertTrue(message.startsWith("no fault 'rope', there are ["), message);
    assertTrue(message.contains("rope-not-scaled"), message);
  }

  @Test
  void someModelsHideSomeFaults(Models models) {
    assertEquals(
        Set.of("positions-not-interpolated", "positions-bilinear", "head-tied"),
        hidden(models.bundle("tiny-a").architecture()));
    assertEquals(Set.of(), hidden(models.bundle("tiny-b").architecture()));
  }

  private static Set<String> hidden(Architecture architecture) {
    return Fault.all().stream()
        .filter(fault -> !fault.showsIn(architecture))
        .map(Fault::id)
        .collect(Collectors.toSet());
  }

  @Test
  void aFaultOfACallIsMadeAroundAnyBackendAndAFaultWithinIsNot(Models models) {
    Architecture architecture = models.bundle("tiny-a").architecture();
    try (Backend right = Variation.none(architecture).open(models.bundle("tiny-a"))) {
      assertEquals(Optional.empty(), Fault.named("rope-not-scaled").around(right, architecture));
    }
    Backend right = Variation.none(architecture).open(models.bundle("tiny-a"));
    try (Backend around = Fault.named("image-causal").around(right, architecture).orElseThrow()) {
      assertEquals(right.capabilities(), around.capabilities());
    }
    assertThrows(
        IllegalStateException.class, () -> right.backbone().newCache(CacheRequest.of(1)).close());
  }
}
