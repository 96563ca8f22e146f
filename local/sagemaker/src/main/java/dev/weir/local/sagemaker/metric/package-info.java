/** CloudWatch: metrics, metric math and alarms; and the metrics that endpoints make themselves. */
@NullMarked
package dev.weir.local.sagemaker.metric;

import org.jspecify.annotations.NullMarked;
