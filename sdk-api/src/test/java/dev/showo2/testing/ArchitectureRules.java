package dev.showo2.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import org.apiguardian.api.API;

/** Rules that hold in all modules. */
public final class ArchitectureRules {

  /** Each public top-level type has a level of {@link API}. */
  public static final ArchRule PUBLIC_TYPES_SAY_WHAT_THEY_PROMISE =
      classes()
          .that()
          .areTopLevelClasses()
          .and()
          .haveModifier(JavaModifier.PUBLIC)
          .should()
          .beAnnotatedWith(API.class);

  private ArchitectureRules() {}
}
