package dev.weir.local.sagemaker.state;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Faults;
import dev.weir.local.time.Scheduler;
import java.time.Duration;

/** What all parts of one world share, and how its resources change. */
public final class Context {
  private final Scheduler time;
  private final Chance chance;
  private final Arns arns;
  private final double pace;
  private final Registry registry;
  private final Faults faults;
  private final History history = new History();
  private final Ledger ledger = new Ledger();
  private final Scores scores;
  private final Bus bus;

  /**
   * An empty world.
   *
   * @param pace how much longer than usual everything takes, above 0
   */
  public Context(Scheduler time, long seed, Arns arns, double pace, Events events) {
    this.time = time;
    this.arns = arns;
    this.pace = pace;
    chance = new Chance(seed);
    registry = new Registry(arns);
    faults = new Faults(time, chance);
    scores = new Scores(chance);
    bus = new Bus(this, events);
  }

  public Scheduler time() {
    return time;
  }

  public Chance chance() {
    return chance;
  }

  public Arns arns() {
    return arns;
  }

  public Registry registry() {
    return registry;
  }

  public Faults faults() {
    return faults;
  }

  public Scores scores() {
    return scores;
  }

  public History history() {
    return history;
  }

  public Ledger ledger() {
    return ledger;
  }

  public Bus bus() {
    return bus;
  }

  /** Adds a resource; its kind's members for name, ARN and times are set here. */
  public Resource create(Kind kind, String name, ObjectNode data) {
    String now = time.instant().toString();
    data.put(kind.arnMember(), arns.sagemaker(kind, name));
    data.put("CreationTime", now).put("LastModifiedTime", now);
    if (kind != Kind.APP && kind != Kind.MODEL_PACKAGE) {
      data.put(kind.nameMember(), name);
    }
    Resource resource = new Resource(kind, name, data);
    registry.put(resource);
    return resource;
  }

  /** Takes a resource away. */
  public void remove(Resource resource) {
    registry.remove(resource);
    note(resource, "gone", "");
  }

  /** Changes a resource's status; what was to happen to it before then no longer does. */
  public void become(Resource resource, String status) {
    resource.become(status);
    resource.data().put("LastModifiedTime", time.instant().toString());
    note(resource, status, resource.data().path("FailureReason").asText());
    StateEvents.of(resource).ifPresent(detail -> bus.sagemaker(resource, detail));
  }

  /** Runs the action after the step's time, unless the resource changes or goes before. */
  public void later(Resource resource, Step step, Runnable action) {
    after(resource, duration(step, resource), action);
  }

  /** As {@link #later}; a fault of the operation may keep it from ever coming to an end. */
  public void course(Resource resource, String operation, Step step, Runnable action) {
    Duration usual = duration(step, resource);
    faults
        .take(Course.STUCK, operation, resource.name())
        .ifPresentOrElse(
            fault -> fault.delay().ifPresent(delay -> after(resource, usual.plus(delay), action)),
            () -> after(resource, usual, action));
  }

  /** Runs the action after this time, unless the resource changes or goes before. */
  public void after(Resource resource, Duration delay, Runnable action) {
    long changes = resource.changes();
    time.after(
        delay,
        () -> {
          if (registry.holds(resource) && resource.changes() == changes) {
            action.run();
          }
        });
  }

  /** How long the step takes this resource this time: the usual time, give or take a fifth. */
  public Duration duration(Step step, Resource resource) {
    double share = 0.8 + 0.4 * chance.draw(resource.arn());
    return paced(Duration.ofMillis((long) (step.usual().toMillis() * share)));
  }

  /** How long something takes in this world that takes so long elsewhere. */
  public Duration paced(Duration usual) {
    return Duration.ofMillis((long) (usual.toMillis() * pace));
  }

  private void note(Resource resource, String to, String why) {
    history.add(time.instant(), resource.kind().path() + "/" + resource.name(), to, why);
  }
}
