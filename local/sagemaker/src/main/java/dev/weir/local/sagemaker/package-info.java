/**
 * A world of SageMaker, Application Auto Scaling and CloudWatch in memory, for tests and for runs
 * without AWS: resources change their states in time, endpoints make metrics, alarms and policies
 * act on them, and faults can be ordered.
 *
 * <p>In the same process, {@link dev.weir.local.sagemaker.World#call} takes a call. For others
 * {@link dev.weir.local.sagemaker.WorldServer} serves the unmodified AWS SDKs; its address goes
 * into {@code AWS_ENDPOINT_URL_SAGEMAKER}, {@code AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING} and
 * {@code AWS_ENDPOINT_URL_CLOUDWATCH}. People steer it under {@code /_local/sagemaker/}, see {@link
 * dev.weir.local.sagemaker.WorldControl}.
 *
 * <p>With a {@link dev.weir.local.time.VirtualScheduler} weeks take seconds, and the same seed and
 * calls give the same history. The world ticks each minute for ever, so advance to a time; do not
 * wait for the line of actions to become empty.
 */
@NullMarked
package dev.weir.local.sagemaker;

import org.jspecify.annotations.NullMarked;
