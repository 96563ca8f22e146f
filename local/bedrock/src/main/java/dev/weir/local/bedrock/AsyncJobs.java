package dev.weir.local.bedrock;

import dev.weir.local.bedrock.control.Calls;
import dev.weir.local.bedrock.control.Fault;
import dev.weir.local.bedrock.model.AnswerEnded;
import dev.weir.local.bedrock.model.AnswerSink;
import dev.weir.local.bedrock.model.Models;
import dev.weir.local.bedrock.s3.FileObjects;
import dev.weir.local.bedrock.sagemaker.Container;
import dev.weir.local.bedrock.sagemaker.EndpointRequest;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.Prompt;
import dev.weir.local.bedrock.wire.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Asynchronous invocations: input and output are objects, and a failure is one too. */
final class AsyncJobs {
  private static final String FOLDER = "async-output/";

  private final Models models;
  private final FileObjects objects;
  private final Supplier<String> ids;

  AsyncJobs(Models models, FileObjects objects, Supplier<String> ids) {
    this.models = models;
    this.objects = objects;
    this.ids = ids;
  }

  /** Where an object is. */
  private record Location(String bucket, String key) {
    static Location of(String url) {
      URI uri = URI.create(url);
      return new Location(String.valueOf(uri.getAuthority()), uri.getPath().substring(1));
    }
  }

  private record Job(
      EndpointRequest request,
      Container container,
      Location input,
      Location output,
      Location failure,
      Optional<Fault> fault) {}

  /**
   * Accepts a job. An error status and a stall hit the acceptance, {@code delay} and {@code
   * exceptionFrame} the job.
   */
  void submit(
      Exchange exchange,
      EndpointRequest request,
      Container container,
      Optional<Fault> fault,
      Calls.Call call)
      throws ErrorReply {
    if (fault.filter(set -> set.kind() == Fault.Kind.STATUS).isPresent()) {
      throw fault.get().error();
    }
    String location =
        request
            .inputLocation()
            .orElseThrow(() -> ErrorReply.of("ValidationError", "InputLocation is required."));
    Location input = Location.of(location);
    String id = ids.get();
    Location output = new Location(input.bucket(), FOLDER + id + ".out");
    Location failure = new Location(input.bucket(), FOLDER + id + "-error.out");
    exchange.set("X-Amzn-SageMaker-OutputLocation", "s3://" + output.bucket() + "/" + output.key());
    exchange.set(
        "X-Amzn-SageMaker-FailureLocation", "s3://" + failure.bucket() + "/" + failure.key());
    call.completed();
    exchange.reply(202, Json.object().put("InferenceId", request.inferenceId().orElse(id)));
    Job job = new Job(request, container, input, output, failure, fault);
    Thread.ofVirtual().name("async-" + id).start(() -> run(job));
  }

  private void run(Job job) {
    try {
      Thread.sleep(job.fault().map(Fault::delay).orElse(Duration.ZERO));
      if (job.fault().filter(set -> set.kind() == Fault.Kind.EXCEPTION_FRAME).isPresent()) {
        throw ErrorReply.ofContainer(500, "injected fault");
      }
      byte[] input =
          objects
              .get(job.input().bucket(), job.input().key())
              .orElseThrow(() -> ErrorReply.of("ValidationError", "The input cannot be read."));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      job.container().answer(input, this::speak, answer::writeBytes);
      String type = job.container().contentType(job.request(), input);
      objects.put(job.output().bucket(), job.output().key(), type, answer.toByteArray());
    } catch (ErrorReply failed) {
      objects.put(
          job.failure().bucket(),
          job.failure().key(),
          "text/plain",
          failed.text().getBytes(StandardCharsets.UTF_8));
    } catch (AnswerEnded | InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void speak(String model, Prompt prompt, Container.Hearing hearing)
      throws ErrorReply, AnswerEnded {
    models.answer(
        model,
        prompt,
        new AnswerSink() {
          @Override
          public void send(StreamEvent event) throws AnswerEnded {
            hearing.accept(event);
          }

          @Override
          public void pause(Duration length) {
            try {
              Thread.sleep(length);
            } catch (InterruptedException stopping) {
              Thread.currentThread().interrupt();
            }
          }
        });
  }
}
