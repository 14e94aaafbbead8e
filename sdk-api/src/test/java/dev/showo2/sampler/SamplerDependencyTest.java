package dev.showo2.sampler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class SamplerDependencyTest {

  @Test
  void samplersKnowNoEngine() {
    JavaClasses samplers =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("dev.showo2.sampler");
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.apiguardian.api",
            "dev.showo2.sampler",
            "dev.showo2.error",
            "dev.showo2.tensor")
        .check(samplers);
  }
}
