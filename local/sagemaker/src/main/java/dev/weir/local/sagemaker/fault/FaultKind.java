package dev.weir.local.sagemaker.fault;

/** A kind of fault: of one call, of the course that a call begins, or of a resource's condition. */
public sealed interface FaultKind permits CallFault, Course, Condition {

  /** The name of the constant. */
  String name();
}
