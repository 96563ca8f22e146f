package dev.weir.local.sagemaker.job;

import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Resource;
import java.util.Locale;

/** The statuses of a job; optimisation jobs write theirs in upper case. */
enum JobStatus {
  STARTING("Starting"),
  IN_PROGRESS("InProgress"),
  COMPLETED("Completed"),
  FAILED("Failed"),
  STOPPING("Stopping"),
  STOPPED("Stopped");

  private final String usual;

  JobStatus(String usual) {
    this.usual = usual;
  }

  String of(Kind kind) {
    return kind == Kind.OPTIMIZATION_JOB ? usual.toUpperCase(Locale.ROOT) : usual;
  }

  boolean is(Resource job) {
    return of(job.kind()).equals(job.status());
  }
}
