/** What template.yaml says about functions, tables and the API, with its parameters filled in. */
@NullMarked
package dev.weir.local.template;

import org.jspecify.annotations.NullMarked;
