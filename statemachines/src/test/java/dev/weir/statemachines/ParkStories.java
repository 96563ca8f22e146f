package dev.weir.statemachines;

import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.wire.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Development endpoints that nobody uses, and that somebody wants back. */
final class ParkStories {
  private static final String PARK = "park-endpoint";
  private static final String UNPARK = "unpark-endpoint";

  private ParkStories() {}

  static Stream<Story> all() {
    return Stream.of(parked(), notParked(), back(), notBack()).flatMap(List::stream);
  }

  private static List<Story> parked() {
    return List.of(
        idle("parked", "dev", _ -> {}).ends("SUCCEEDED(PARKED)"),
        idle("it never goes", "dev", rig -> stuck(rig, "DeleteEndpoint"))
            .ends("FAILED(STUCK_DELETING)"),
        idle("parking is switched off", "dev", rig -> off(rig, PARK)).ends("FAILED(SWITCHED_OFF)"),
        idle("the lease of parking goes", "dev", rig -> taken(rig, PARK))
            .ends("ABANDONED(LEASE_LOST (LEASE_LOST))"));
  }

  private static List<Story> notParked() {
    return List.of(
        idle("in production", "prod", _ -> {}).instead("SUPPRESSED(NOT_DEV)"),
        idle(
                "it serves by inference components",
                "dev",
                rig ->
                    rig.world.put(
                        Kind.ENDPOINT_CONFIG,
                        "chat-config",
                        Rig.json(
                            "{'ProductionVariants':[{'VariantName':'AllTraffic','InstanceType':'ml.m5.large','InitialInstanceCount':2}]}")))
            .instead("SUPPRESSED(INFERENCE_COMPONENTS)"),
        idle(
                "two variants of one model, gone already",
                "dev",
                rig -> {
                  rig.world.put(
                      Kind.ENDPOINT_CONFIG,
                      "chat-config",
                      Rig.json(
                          "{'ProductionVariants':[{'VariantName':'AllTraffic','ModelName':'chat-model'},{'VariantName':'b','ModelName':'chat-model'}]}"));
                  rig.call("DeleteModel", "{'ModelName':'chat-model'}");
                })
            .refused("PART_MISSING"),
        idle("called again", "dev", ParkStories::called).instead("SUPPRESSED(USED_AGAIN)"),
        idle(
                "a snapshot has scaling that it has not",
                "dev",
                rig -> owing(rig, "PARKED", "snapshot"))
            .refused("SCALING_OWED"),
        idle("it was made again without its scaling", "dev", rig -> owing(rig, "GOOD", "deleted"))
            .refused("SCALING_OWED"),
        idle("gone already", "dev", rig -> delete(rig, "Endpoint"))
            .instead("SUPPRESSED(ENDPOINT_MISSING)"),
        idle(
                "its model is gone",
                "dev",
                rig -> rig.call("DeleteModel", "{'ModelName':'chat-model'}"))
            .refused("PART_MISSING"),
        idle("its image is gone", "dev", rig -> rig.account.parts().remove("repository/m:1"))
            .refused("PART_MISSING"),
        idle("its role is gone", "dev", rig -> rig.account.parts().remove("role/sagemaker"))
            .refused("PART_MISSING"));
  }

  private static List<Story> back() {
    return List.of(
        wanted("back", _ -> {}).ends("SUCCEEDED(UNPARKED)"),
        begun(
                "back with all its scaling",
                "UNPARK",
                sweeper -> {
                  sweeper.endpoint("chat", "dev");
                  ScaledEndpoint.of(sweeper.rig);
                  sweeper.park("chat");
                  sweeper.unpark("chat");
                })
            .ends("SUCCEEDED(UNPARKED)"),
        wanted("its configuration is gone", rig -> delete(rig, "EndpointConfig"))
            .ends("SUCCEEDED(UNPARKED)"),
        wanted("it never comes", rig -> stuck(rig, "CreateEndpoint"))
            .ends("FAILED(STUCK_CREATING)"),
        wanted("somebody was faster, with a policy more", ParkStories::another)
            .ends("FAILED(SCALING_DIFFERS)"),
        wanted("unparking is switched off", rig -> off(rig, UNPARK)).ends("FAILED(SWITCHED_OFF)"),
        wanted("the lease of unparking goes", rig -> taken(rig, UNPARK))
            .ends("ABANDONED(LEASE_LOST (LEASE_LOST))"));
  }

  private static List<Story> notBack() {
    return List.of(
        begun(
                "never parked",
                "UNPARK",
                sweeper -> {
                  sweeper.endpoint("chat", "dev");
                  sweeper.unpark("chat");
                })
            .instead("SUPPRESSED(NOT_PARKED)"));
  }

  /** The sweep has found an endpoint that nobody calls. */
  private static Story.Begun idle(String name, String env, Consumer<Rig> given) {
    return begun(
        name,
        "NO_REQUESTS",
        sweeper -> {
          sweeper.endpoint("chat", env);
          given.accept(sweeper.rig);
          sweeper.rig.send(
              "weir.sweep",
              "Idle Resource",
              Rig.json(
                  "{'target':'chat','kind':'endpoint','reason':'NO_REQUESTS','evidence':['none']}"));
        });
  }

  /** An endpoint has been parked, and somebody asks for it. */
  private static Story.Begun wanted(String name, Consumer<Rig> given) {
    return begun(
        name,
        "UNPARK",
        sweeper -> {
          sweeper.endpoint("chat", "dev");
          sweeper.park("chat");
          given.accept(sweeper.rig);
          sweeper.unpark("chat");
        });
  }

  private static Story.Begun begun(String name, String intent, Consumer<Sweeper> told) {
    return new Story.Begun(name, intent, rig -> told.accept(new Sweeper(rig)));
  }

  private static void called(Rig rig) {
    rig.world.condition("chat", "ok", Rig.json("{'invocationsPerMinute':60}"));
    rig.time.advance(Duration.ofMinutes(10));
  }

  private static void owing(Rig rig, String rows, String attribute) {
    rig.put(
        rows,
        "endpoint/chat",
        Map.of(
            attribute,
            Map.of(
                "S",
                Rig.json(
                        "{'config':'chat-config','scaling':{'targets':[{'ResourceId':'endpoint/chat/variant/AllTraffic'}],'policies':[{'ResourceId':'endpoint/chat/variant/AllTraffic','PolicyName':'lost'}]}}")
                    .toString())));
  }

  private static void delete(Rig rig, String noun) {
    String name = noun.equals("Endpoint") ? "chat" : "chat-config";
    rig.call("Delete" + noun, "{'%sName':'%s'}".formatted(noun, name));
    rig.time.advance(Duration.ofMinutes(10));
  }

  private static void stuck(Rig rig, String operation) {
    rig.world.add(new Fault(Course.STUCK, operation, "chat"));
  }

  private static void off(Rig rig, String action) {
    rig.cable.before("weir-act-" + action, "Beat", () -> rig.mode(action, "off"));
  }

  private static void taken(Rig rig, String action) {
    Map<String, ?> another = Map.of("owner", Map.of("S", "another"), "fence", Map.of("N", "99"));
    rig.cable.before("weir-act-" + action, "Beat", () -> rig.put("LOCK", "endpoint/chat", another));
  }

  /** Made again by hand, and scaled by latency as well. */
  private static void another(Rig rig) {
    rig.call("CreateEndpoint", "{'EndpointName':'chat','EndpointConfigName':'chat-config'}");
    rig.time.advance(Duration.ofMinutes(10));
    String variant =
        "'ServiceNamespace':'sagemaker','ResourceId':'endpoint/chat/variant/AllTraffic','ScalableDimension':'sagemaker:variant:DesiredInstanceCount',";
    rig.call(
        Service.AUTO_SCALING,
        "RegisterScalableTarget",
        "{" + variant + "'MinCapacity':2,'MaxCapacity':4}");
    rig.call(
        Service.AUTO_SCALING,
        "PutScalingPolicy",
        "{"
            + variant
            + "'PolicyName':'latency','PolicyType':'TargetTrackingScaling','TargetTrackingScalingPolicyConfiguration':{'TargetValue':70,'PredefinedMetricSpecification':{'PredefinedMetricType':'SageMakerVariantInvocationsPerInstance'}}}");
  }
}
