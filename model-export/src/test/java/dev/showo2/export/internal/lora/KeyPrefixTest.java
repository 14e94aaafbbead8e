package dev.showo2.export.internal.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyPrefixTest {

  private final ErrorCollector problems = new ErrorCollector();

  @Test
  void goesThroughTheModelOnceHoweverManyKeysThereAre() {
    PassCounter names = new PassCounter(Set.of("showo.a.weight", "showo.b.weight"));
    Set<String> keys = new LinkedHashSet<>(Set.of("a.weight"));
    for (int i = 0; i < 1000; i++) {
      keys.add("unknown." + i + ".weight");
    }
    assertEquals("showo.", MergePlan.KeyPrefix.find(names, keys, prefix -> true, problems));
    assertEquals(1, names.passes);
  }

  @Test
  void prefixesEndAtDots() {
    Set<String> names = Set.of("showo.model.up.weight", "showo.group.weight");
    assertEquals(
        "showo.model.",
        MergePlan.KeyPrefix.find(names, Set.of("up.weight"), prefix -> true, problems));
    assertEquals("", MergePlan.KeyPrefix.find(names, Set.of("p.weight"), prefix -> true, problems));
    assertTrue(problems.isEmpty());
  }

  @Test
  void namesOfNothingButDotsAreNoMoreWork() {
    String dots = ".".repeat(1_000_000);
    assertEquals(
        "", MergePlan.KeyPrefix.find(Set.of(dots), Set.of(dots + "x"), prefix -> true, problems));
  }

  private static final class PassCounter extends AbstractSet<String> {

    private final Set<String> elements;
    private int passes;

    PassCounter(Set<String> elements) {
      this.elements = elements;
    }

    @Override
    public boolean contains(Object element) {
      return elements.contains(element);
    }

    @Override
    public Iterator<String> iterator() {
      passes++;
      return elements.iterator();
    }

    @Override
    public int size() {
      return elements.size();
    }
  }
}
