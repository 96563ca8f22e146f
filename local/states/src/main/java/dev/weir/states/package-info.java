/**
 * A runner of state machines in the Amazon States Language with JSONata, as standard workflows of
 * Step Functions run them: the engine on a real or a virtual clock, its histories, its coverage and
 * the control plane over it. {@link dev.weir.states.StateMachines} is the way in.
 *
 * <p>Rules come from the Amazon States Language specification, the Step Functions developer guide
 * and API reference, each named where it is followed. Event types, their details, {@code
 * previousEventId} and the wording of causes follow histories recorded from the service ("recorded
 * histories").
 *
 * <p>Known differences from the service:
 *
 * <ul>
 *   <li>{@code States.ALL} does not take {@code States.DataLimitExceeded}, as the developer guide
 *       has it; recorded histories show it caught.
 *   <li>{@code EvaluationFailed} follows the state's last event; in recorded histories it often
 *       follows what came before the state was entered.
 *   <li>Branches that are cut short are recorded in their order, each with its own state first;
 *       recorded histories have no fixed order.
 *   <li>Limits not kept: 10 MiB of variables for an execution, 1 MiB of definition, a year of
 *       running, API quotas, and the service's bounds on the run time of an expression.
 *   <li>Not there: JSONPath, activities, {@code .sync}, HTTP tasks, credentials, distributed Map,
 *       Express workflows, versions, aliases, redrive, logging and tracing.
 * </ul>
 */
@NullMarked
package dev.weir.states;

import org.jspecify.annotations.NullMarked;
