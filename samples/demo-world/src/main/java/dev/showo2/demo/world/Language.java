package dev.showo2.demo.world;

import org.apiguardian.api.API;

/** The two languages of the demo model. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Language {
  /** English. */
  ENGLISH("en"),
  /** Chinese. */
  CHINESE("zh");

  private final String code;

  Language(String code) {
    this.code = code;
  }

  static Language ofCode(String code) {
    for (Language language : values()) {
      if (language.code.equals(code)) {
        return language;
      }
    }
    throw new IllegalArgumentException("unknown language " + code);
  }
}
