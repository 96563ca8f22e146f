/** Structured logs, EMF metrics and trace ids. */
@NullMarked
package dev.weir.telemetry;

import org.jspecify.annotations.NullMarked;
