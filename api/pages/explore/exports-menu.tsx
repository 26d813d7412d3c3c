/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The answer as a file. */
import type { Query } from "../../../engine/model/query.ts";
import { Icon } from "../parts/icon.tsx";
import { Caret, Picker } from "../parts/picker.tsx";
import { useWords } from "../parts/words.ts";

export const ExportsMenu = ({ query }: { readonly query: Query }) => {
  const words = useWords().explore.exports;
  const link = `/v1/query?q=${encodeURIComponent(JSON.stringify(query))}`;
  const formats = [
    ["csv", words.csv, words.csvHint],
    ["xlsx", words.xlsx, words.xlsxHint],
    ["parquet", words.parquet, words.parquetHint],
    ["arrow", words.arrow, words.arrowHint],
    ["json", words.json, words.jsonHint],
  ] as const;
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
      {formats.map(([format, title, hint]) => (
        <a
          class="option"
          href={`${link}&format=${format}${format === "csv" ? "&titles=1" : ""}`}
          {...(format === "json" ? {} : { download: "" })}
        >
          <span>
            {title}
            <span class="what">{hint}</span>
          </span>
        </a>
      ))}
    </Picker>
  );
};
