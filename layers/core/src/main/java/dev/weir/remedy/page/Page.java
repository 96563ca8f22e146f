package dev.weir.remedy.page;

import java.util.Map;

/**
 * A page as it is sent.
 *
 * @param headers without the content type
 */
public record Page(int status, String contentType, Map<String, String> headers, byte[] body) {

  Page(int status, String title, String html) {
    this(status, Html.TYPE, Html.HEADERS, Html.page(title, html));
  }
}
