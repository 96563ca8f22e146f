/**
 * Jobs that run and end: training, tuning, processing, transform, optimisation; and the registry.
 */
@NullMarked
package dev.weir.local.sagemaker.job;

import org.jspecify.annotations.NullMarked;
