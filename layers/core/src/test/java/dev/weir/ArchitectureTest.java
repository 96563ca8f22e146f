package dev.weir;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms of {@code docs/architecture.md}. */
class ArchitectureTest {

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.weir");

  @Test
  void only_the_store_sees_the_aws_sdk() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.weir.store..", "dev.weir.http..", "dev.weir.admission..", "dev.weir.tenant..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("software.amazon..")
        .check(CORE);
  }

  @Test
  void wire_types_know_nothing_of_the_other_rooms() {
    classes()
        .that()
        .resideInAPackage("dev.weir.api..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.weir.api..", "dev.weir.ledger..", "java..", "com.fasterxml..", "org.jspecify..")
        .check(CORE);
  }

  @Test
  void only_doors_see_lambda_types() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.weir.door..", "dev.weir.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.amazonaws.services.lambda..", "dev.weir.runtime..")
        .check(CORE);
  }

  @Test
  void no_room_depends_on_the_doors() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.weir.door..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.weir.door..")
        .check(CORE);
  }

  @Test
  void rooms_form_no_cycle() {
    slices().matching("dev.weir.(*)..").should().beFreeOfCycles().check(CORE);
  }
}
