/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The answer as a file. */
import type { Query } from "../../../engine/model/query.ts";
import { FORMATS } from "../../exports/formats.ts";
import { Icon } from "../parts/icon.tsx";
import { Caret, Picker } from "../parts/picker.tsx";
import { useWords } from "../parts/words.ts";

export const ExportsMenu = ({ query }: { readonly query: Query }) => {
  const words = useWords().explore.exports;
  const link = `/v1/query?q=${encodeURIComponent(JSON.stringify(query))}`;
  return (
    <Picker
      name={words.name}
      class="right"
      label={
        <>
          <Icon name="download" />
          {words.name}
          <Caret />
        </>
      }
    >
      {FORMATS.map(({ name: format }) => (
        <a
          class="option"
          href={`${link}&format=${format}${format === "csv" ? "&titles=1" : ""}`}
          {...(format === "json" ? {} : { download: "" })}
        >
          <span>
            {words.formats[format]?.title ?? format}
            <span class="what">{words.formats[format]?.hint}</span>
          </span>
        </a>
      ))}
    </Picker>
  );
};
