/** A statement with line breaks, for reading: only white space is changed, and none within quotes. */
const CLAUSES = [
  "select",
  "from",
  "where",
  "group by",
  "having",
  "order by",
  "limit",
  "union all by name",
  "union all",
  "left join",
  "inner join",
  "join",
  "cross join",
  "with",
];
const BREAKS = new RegExp(`^(${CLAUSES.join("|")})\\b`, "i");

export const prettySql = (sql: string): string => {
  let out = "",
    depth = 0;
  const opened: boolean[] = [];
  const line = (indent: number): void => {
    out = `${out.trimEnd()}\n${"  ".repeat(indent)}`;
  };
  for (let i = 0; i < sql.length; i++) {
    const letter = sql[i]!;
    if (letter === "'" || letter === '"') {
      let end = sql.indexOf(letter, i + 1);
      while (end >= 0 && sql[end + 1] === letter) end = sql.indexOf(letter, end + 2);
      if (end < 0) end = sql.length - 1;
      out += sql.slice(i, end + 1);
      i = end;
    } else if (letter === "(") {
      const query = /^\(\s*(select|with)\b/i.test(sql.slice(i, i + 12));
      opened.push(query);
      out += letter;
      if (query) {
        depth++;
        line(depth);
      }
    } else if (letter === ")") {
      if (opened.pop()) {
        depth = Math.max(0, depth - 1);
        line(depth);
      }
      out += letter;
    } else if (letter === " " && opened.at(-1) !== false && BREAKS.test(sql.slice(i + 1, i + 24))) {
      const word = BREAKS.exec(sql.slice(i + 1, i + 24))![0];
      line(depth);
      out += word;
      i += word.length;
    } else out += letter;
  }
  return out.replace(/^\s*\n/gm, "");
};
