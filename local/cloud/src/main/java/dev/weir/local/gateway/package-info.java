/** An API Gateway REST API for one machine: routes, authorizer, proxy events, gateway responses. */
@NullMarked
package dev.weir.local.gateway;

import org.jspecify.annotations.NullMarked;
