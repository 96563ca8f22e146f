package dev.weir.local.account;

import dev.weir.local.sagemaker.World;
import dev.weir.local.sagemaker.state.Events;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.time.Scheduler;
import dev.weir.states.Coverage;
import dev.weir.states.StateMachines;
import dev.weir.states.Tasks;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The services of one account that state machines call, on one clock. */
public final class Account {
  private final World world;
  private final StateMachines machines;
  private final Outbox outbox;
  private final ModelParts parts = new ModelParts();

  /**
   * What an account is made with.
   *
   * @param network what lies between state machines and services: delays and faults in a test
   * @param kept how many executions are kept after their end, at least 1
   */
  public record Settings(
      World.Settings world, Coverage coverage, UnaryOperator<Tasks> network, int kept) {

    /** Nothing in between, nobody counting. */
    public Settings(World.Settings world, int kept) {
      this(world, (_, _) -> {}, UnaryOperator.identity(), kept);
    }

    /** All executions are kept. */
    public Settings(World.Settings world, Coverage coverage, UnaryOperator<Tasks> network) {
      this(world, coverage, network, Integer.MAX_VALUE);
    }
  }

  /**
   * An empty account.
   *
   * @param bus takes every event of every service
   */
  public Account(
      Settings settings, Scheduler time, DynamoDb database, Functions functions, Events bus) {
    World.Settings account = settings.world();
    Random random = new Random(account.seed());
    AccountEvents events =
        new AccountEvents(
            account.region(),
            account.account(),
            () -> new UUID(random.nextLong(), random.nextLong()).toString());
    world = new World(account, time, bus);
    outbox = new Outbox(time);
    StatesMetrics metrics = new StatesMetrics(world);
    Map<String, Tasks> services =
        Map.ofEntries(
            Map.entry("sagemaker", new WorldTasks(world, Service.SAGEMAKER, "SageMaker")),
            Map.entry(
                "applicationautoscaling",
                new WorldTasks(world, Service.AUTO_SCALING, "ApplicationAutoScaling")),
            Map.entry("cloudwatch", new WorldTasks(world, Service.CLOUDWATCH, "CloudWatch")),
            Map.entry("ecr", parts.images()),
            Map.entry("iam", parts.roles()),
            Map.entry("dynamodb", new DynamoDbTasks(database)),
            Map.entry("sfn", new StatesTasks(this::machines)),
            Map.entry("lambda", new FunctionTasks(functions)),
            Map.entry("sns", outbox.topics()),
            Map.entry("ssm", outbox.systemsManager()),
            Map.entry("events", new EventTasks(bus, time, events)),
            Map.entry("eventbridge", new EventTasks(bus, time, events)));
    machines =
        new StateMachines(
            time,
            (call, reply) -> dispatch(services, call, reply),
            settings.coverage(),
            account.region(),
            account.account(),
            account.seed(),
            new StateMachines.Links(
                settings.network(),
                metrics::started,
                execution -> {
                  metrics.ended(execution);
                  bus.publish(events.ended(execution));
                },
                settings.kept()));
  }

  private static void dispatch(
      Map<String, Tasks> services, Tasks.Call call, Consumer<Tasks.Reply> reply) {
    Tasks service = services.get(call.resource().service());
    if (service == null) {
      throw new IllegalArgumentException("no such service here: " + call.resource().service());
    }
    service.call(call, reply);
  }

  /** SageMaker, Application Auto Scaling and CloudWatch. */
  public World world() {
    return world;
  }

  /** Step Functions. */
  public StateMachines machines() {
    return machines;
  }

  /** What models need beyond SageMaker. */
  public ModelParts parts() {
    return parts;
  }

  /** What was sent to people. */
  public Outbox outbox() {
    return outbox;
  }
}
