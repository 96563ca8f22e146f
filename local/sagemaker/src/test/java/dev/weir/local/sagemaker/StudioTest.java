package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sagemaker.model.AppType;
import software.amazon.awssdk.services.sagemaker.model.DescribeAppResponse;
import software.amazon.awssdk.services.sagemaker.model.ResourceInUseException;
import software.amazon.awssdk.services.sagemaker.model.ResourceNotFoundException;

final class StudioTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void notebook(String status) {
    lab.world.put(
        Kind.NOTEBOOK_INSTANCE, "lab", Json.object().put("NotebookInstanceStatus", status));
  }

  private String status() {
    return lab.sagemaker
        .describeNotebookInstance(r -> r.notebookInstanceName("lab"))
        .notebookInstanceStatusAsString();
  }

  private void start() {
    lab.sagemaker.startNotebookInstance(r -> r.notebookInstanceName("lab"));
  }

  private void stop() {
    lab.sagemaker.stopNotebookInstance(r -> r.notebookInstanceName("lab"));
  }

  private void delete() {
    lab.sagemaker.deleteNotebookInstance(r -> r.notebookInstanceName("lab"));
  }

  @Test
  void a_notebook_starts_stops_and_starts_again() {
    lab.sagemaker.createNotebookInstance(r ->
        r.notebookInstanceName("lab")
            .instanceType("ml.t3.medium")
            .roleArn("arn:aws:iam::123456789012:role/notebook"));
    assertThat(status()).isEqualTo("Pending");
    lab.passMinutes(6);
    assertThat(status()).isEqualTo("InService");
    stop();
    assertThat(status()).isEqualTo("Stopping");
    lab.passMinutes(4);
    assertThat(status()).isEqualTo("Stopped");
    start();
    lab.passMinutes(6);
    assertThat(status()).isEqualTo("InService");
  }

  @ParameterizedTest
  @CsvSource({
    "Pending,            false, false, false",
    "InService,          false, true,  false",
    "Stopping,           false, false, false",
    "Stopped,            true,  false, true",
    "Failed,             true,  false, true",
    "Deleting,           false, false, false",
    "Updating,           false, false, false",
    "PendingMaintenance, false, false, false",
    "InMaintenance,      false, false, false",
  })
  void each_status_allows_its_calls(String status, boolean starts, boolean stops, boolean deletes) {
    assertAllowed(status, starts, this::start);
    assertAllowed(status, stops, this::stop);
    assertAllowed(status, deletes, this::delete);
  }

  private void assertAllowed(String status, boolean allowed, Runnable call) {
    notebook(status);
    if (allowed) {
      call.run();
    } else {
      assertThatThrownBy(call::run)
          .hasMessageContaining("Status (" + status + ") not in")
          .hasMessageContaining("Unable to transition");
      assertThat(status()).isEqualTo(status);
    }
  }

  @Test
  void a_notebook_without_capacity_fails_with_a_reason() {
    notebook("Stopped");
    lab.world.add(new Fault(Course.NO_CAPACITY, "StartNotebookInstance", "lab").times(1));
    start();
    lab.passMinutes(6);
    assertThat(status()).isEqualTo("Failed");
    assertThat(
            lab.sagemaker
                .describeNotebookInstance(r -> r.notebookInstanceName("lab"))
                .failureReason())
        .contains("Insufficient capacity");
  }

  @Test
  void a_deleted_notebook_is_gone() {
    notebook("Stopped");
    delete();
    lab.passMinutes(4);
    assertThatThrownBy(this::status).hasMessageContaining("RecordNotFound");
  }

  private void createApp() {
    lab.sagemaker.createApp(
        r -> r.domainId("d-1").userProfileName("ann").appType("JupyterLab").appName("default"));
  }

  private DescribeAppResponse app() {
    return lab.sagemaker.describeApp(
        r -> r.domainId("d-1").userProfileName("ann").appType("JupyterLab").appName("default"));
  }

  private void deleteApp() {
    lab.sagemaker.deleteApp(r ->
        r.domainId("d-1").userProfileName("ann").appType(AppType.JUPYTER_LAB).appName("default"));
  }

  @Test
  void an_apps_last_activity_is_its_last_health_check() {
    createApp();
    lab.pass(Duration.ofDays(3));
    assertThat(app().statusAsString()).isEqualTo("InService");
    assertThat(app().lastUserActivityTimestamp())
        .isEqualTo(app().lastHealthCheckTimestamp())
        .isAfter(lab.time.instant().minusSeconds(301));
  }

  @Test
  void a_deleted_app_is_shown_for_a_day() {
    createApp();
    lab.passMinutes(5);
    assertThat(lab.sagemaker.listApps(r -> r.domainIdEquals("d-1")).apps()).hasSize(1);
    assertThat(lab.sagemaker.listApps(r -> r.domainIdEquals("d-2")).apps()).isEmpty();
    deleteApp();
    assertThatThrownBy(this::deleteApp).isInstanceOf(ResourceInUseException.class);
    lab.passMinutes(3);
    assertThat(app().statusAsString()).isEqualTo("Deleted");
    assertThatThrownBy(this::deleteApp).isInstanceOf(ResourceNotFoundException.class);
    lab.pass(Duration.ofHours(25));
    assertThatThrownBy(this::app).isInstanceOf(ResourceNotFoundException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pending", "InService"})
  void a_name_in_use_is_refused(String status) {
    createApp();
    lab.curl(
        "POST", "/resources/app/d-1/ann/JupyterLab/default", "{\"Status\":\"" + status + "\"}");
    assertThatThrownBy(this::createApp).isInstanceOf(ResourceInUseException.class);
  }

  @Test
  void an_app_can_be_made_by_curl() {
    lab.curl("POST", "/resources/app/d-1/ann/JupyterLab/default", "{\"Status\":\"InService\"}");
    assertThat(app().appName()).isEqualTo("default");
  }

  @Test
  void an_app_may_fail_to_start() {
    lab.world.add(new Fault(Course.FAILED, "CreateApp", "default"));
    createApp();
    lab.passMinutes(5);
    assertThat(app().statusAsString()).isEqualTo("Failed");
  }
}
