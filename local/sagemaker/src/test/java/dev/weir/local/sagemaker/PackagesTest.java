package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.model.ConflictException;
import software.amazon.awssdk.services.sagemaker.model.ModelApprovalStatus;

final class PackagesTest {
  private final Lab lab = new Lab();

  @BeforeEach
  void group() {
    lab.sagemaker.createModelPackageGroup(r -> r.modelPackageGroupName("fraud"));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private String add(String token) {
    return lab.sagemaker
        .createModelPackage(r -> r.modelPackageGroupName("fraud").clientToken(token))
        .modelPackageArn();
  }

  @Test
  void versions_count_up_and_wait_for_approval() {
    add("one-token-of-many");
    String second = add("two-token-of-many");
    assertThat(second).endsWith(":model-package/fraud/2");
    var found = lab.sagemaker.describeModelPackage(r -> r.modelPackageName(second));
    assertThat(found.modelPackageVersion()).isEqualTo(2);
    assertThat(found.modelApprovalStatus()).isEqualTo(ModelApprovalStatus.PENDING_MANUAL_APPROVAL);
  }

  @Test
  void the_same_token_gives_the_same_package() {
    assertThat(add("one-token-of-many")).isEqualTo(add("one-token-of-many"));
    assertThat(
            lab.sagemaker
                .listModelPackages(r -> r.modelPackageGroupName("fraud"))
                .modelPackageSummaryList())
        .hasSize(1);
  }

  @Test
  void an_approval_is_told() {
    String arn = add("one-token-of-many");
    lab.sagemaker.updateModelPackage(
        r -> r.modelPackageArn(arn).modelApprovalStatus("Approved").approvalDescription("by ann"));
    assertThat(lab.told("SageMaker Model Package State Change", "/ModelApprovalStatus"))
        .containsExactly("PendingManualApproval", "Approved");
    assertThat(
            lab.sagemaker
                .listModelPackages(r -> r.modelApprovalStatus("Approved"))
                .modelPackageSummaryList())
        .hasSize(1);
  }

  @Test
  void a_group_with_packages_can_not_be_deleted() {
    String arn = add("one-token-of-many");
    assertThatThrownBy(
            () -> lab.sagemaker.deleteModelPackageGroup(r -> r.modelPackageGroupName("fraud")))
        .isInstanceOf(ConflictException.class);
    lab.sagemaker.deleteModelPackage(r -> r.modelPackageName(arn));
    lab.sagemaker.deleteModelPackageGroup(r -> r.modelPackageGroupName("fraud"));
    assertThat(lab.sagemaker.listModelPackageGroups(r -> {}).modelPackageGroupSummaryList())
        .isEmpty();
  }

  @Test
  void a_group_is_made_once() {
    assertThatThrownBy(this::group).hasMessageContaining("already exists");
  }
}
