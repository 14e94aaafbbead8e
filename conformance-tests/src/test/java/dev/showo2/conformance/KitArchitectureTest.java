package dev.showo2.conformance;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.showo2.testing.ArchitectureRules;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Checks the dependencies between the packages of the kit. */
@AnalyzeClasses(
    packages = "dev.showo2.conformance",
    importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class KitArchitectureTest {

  private static final String KIT = "dev.showo2.conformance";

  @ArchTest static final ArchRule compare = only("compare");
  @ArchTest static final ArchRule collect = only("internal.compare", "compare");
  @ArchTest static final ArchRule files = only("internal");
  @ArchTest static final ArchRule rules = only("rules", "compare");

  @ArchTest
  static final ArchRule pass = only("internal.golden.pass", "compare", "internal.compare");

  @ArchTest static final ArchRule golden = only("golden", "internal.golden");

  @ArchTest
  static final ArchRule runners =
      only(
          "internal.golden",
          "golden",
          "internal.golden.pass",
          "compare",
          "internal.compare",
          "rules");

  @ArchTest
  static final ArchRule record =
      only("golden.record", "internal.golden.pass", "compare", "internal.compare");

  @ArchTest static final ArchRule report = only("report", "compare", "rules");
  @ArchTest static final ArchRule wrapper = only("wrapper");

  /** The reference backend depends on nothing that it judges. */
  @ArchTest static final ArchRule reference = only("internal.reference");

  @ArchTest static final ArchRule referenceProvider = only("reference", "internal.reference");

  @ArchTest
  static final ArchRule fault =
      only("fault", "compare", "internal.compare", "internal.reference", "wrapper");

  @ArchTest
  static final ArchRule check =
      only("internal.check", "compare", "internal.compare", "internal.golden.pass", "rules");

  @ArchTest
  static final ArchRule checksOfStages =
      only(
          "internal.check.stage",
          "internal.check",
          "internal.compare",
          "reference",
          "internal.reference",
          "rules");

  @ArchTest
  static final ArchRule checksOfContract =
      only("internal.check.contract", "internal.check", "internal.compare", "rules", "wrapper");

  @ArchTest
  static final ArchRule checksOfPipelines =
      only(
          "internal.check.pipeline",
          "internal.check",
          "compare",
          "internal.compare",
          "internal.golden.pass",
          "rules",
          "wrapper");

  @ArchTest
  static final ArchRule training =
      only("internal.training", "internal.compare", "internal.golden", "internal.golden.pass");

  /** The reference is asked for the features of the semantic layers, which no stage shows. */
  @ArchTest
  static final ArchRule checksOfTraining =
      only(
          "internal.check.training",
          "internal.check",
          "internal.compare",
          "internal.golden.pass",
          "internal.reference",
          "internal.training",
          "rules");

  @ArchTest
  static final ArchRule checkRunner =
      only(
          "internal.check.run",
          "internal.check",
          "internal.check.contract",
          "internal.check.pipeline",
          "internal.check.stage",
          "internal.check.training",
          "compare",
          "internal.compare",
          "fault",
          "golden",
          "internal.golden",
          "internal.golden.pass",
          "report",
          "rules");

  private static ArchRule only(String name, String... others) {
    String[] allowed =
        Stream.concat(Stream.of(name), Stream.of(others))
            .map(each -> KIT + "." + each)
            .toArray(String[]::new);
    DescribedPredicate<JavaClass> ofTheKit = resideInAPackage(KIT + "..");
    return noClasses()
        .that()
        .resideInAPackage(KIT + "." + name)
        .should()
        .dependOnClassesThat(
            ofTheKit.and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(allowed))));
  }

  /** A package that is added needs a rule above; the root and the properties know all others. */
  @ArchTest
  static void thereIsARuleForEachPackage(JavaClasses all) {
    Set<String> packages = new TreeSet<>();
    all.forEach(type -> packages.add(type.getPackageName().replace(KIT, "")));
    assertEquals(
        "[, .compare, .fault, .golden, .golden.record, .internal, .internal.check,"
            + " .internal.check.contract, .internal.check.pipeline, .internal.check.run,"
            + " .internal.check.stage, .internal.check.training, .internal.compare, .internal.golden,"
            + " .internal.golden.pass, .internal.reference, .internal.training, .property,"
            + " .reference, .report, .rules, .wrapper]",
        packages.toString());
  }

  /** The command line runs the kit without it. */
  @ArchTest
  static final ArchRule onlyTheEntriesKnowJUnit =
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("Test")
          .and()
          .haveSimpleNameNotEndingWith("Tests")
          .and()
          .doNotHaveSimpleName("JUnitRun")
          .and()
          .doNotHaveSimpleName("ConformanceSuite")
          .and()
          .haveNameNotMatching(".*SuiteParameters.*")
          .and()
          .resideOutsideOfPackage(KIT + ".property")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.junit..", "org.opentest4j..", "net.jqwik..");

  /** Reading goldens, recording them and verifying a bundle work without it. */
  @ArchTest
  static final ArchRule onlyTheMakersOfBundlesKnowTheExporter =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(KIT + ".FixtureModels")
          .and()
          .doNotHaveFullyQualifiedName(KIT + ".property.SyntheticModels")
          .and()
          .doNotHaveFullyQualifiedName(KIT + ".internal.ChangedCheckpoint")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.showo2.export..");

  @ArchTest
  static final ArchRule publicTypesSayWhatTheyPromise =
      ArchitectureRules.PUBLIC_TYPES_SAY_WHAT_THEY_PROMISE;

  @ArchTest
  static final ArchRule noBackend =
      noClasses().should().dependOnClassesThat().resideInAPackage("dev.showo2.backend..");
}
