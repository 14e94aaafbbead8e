package dev.showo2.conformance.golden.record;

import java.util.List;
import java.util.stream.Stream;

/** The cases that can be recorded. */
final class CaseRecipes {

  /** Single stages first: what fails first tells most then. */
  static final List<CaseRecipe> ALL =
      Stream.of(VaeRecipes.ALL, TransformerRecipes.ALL, FlowRecipes.ALL, UnderstandingRecipes.ALL)
          .flatMap(List::stream)
          .toList();

  private CaseRecipes() {}
}
