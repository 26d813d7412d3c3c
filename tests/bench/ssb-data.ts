/** The tables of the Star Schema Benchmark, made by DuckDB from a hash: the same rows for the same scale, at any number of threads. */

const REGIONS: Readonly<Record<string, readonly string[]>> = {
  AFRICA: ["ALGERIA", "ETHIOPIA", "KENYA", "MOROCCO", "MOZAMBIQUE"],
  AMERICA: ["ARGENTINA", "BRAZIL", "CANADA", "PERU", "UNITED STATES"],
  ASIA: ["CHINA", "INDIA", "INDONESIA", "JAPAN", "VIETNAM"],
  EUROPE: ["FRANCE", "GERMANY", "ROMANIA", "RUSSIA", "UNITED KINGDOM"],
  "MIDDLE EAST": ["EGYPT", "IRAN", "IRAQ", "JORDAN", "SAUDI ARABIA"],
};
const NATIONS = Object.entries(REGIONS).flatMap(([region, nations]) =>
  nations.map((nation) => [nation, region] as const),
);
const list = (values: readonly string[]): string => `[${values.map((v) => `'${v}'`).join(", ")}]`;
/** A whole number below `n`, by row and salt. */
const draw = (n: number, salt: number): string => `(hash(i * 31 + ${salt}) % ${n})::integer`;

/** @param scale 1 is 6 million lines of 1.5 million orders, 30 thousand customers, 2 thousand suppliers, 200 thousand parts */
export function ssbTables(scale: number): readonly string[] {
  const customers = Math.max(100, Math.round(30_000 * scale));
  const suppliers = Math.max(50, Math.round(2_000 * scale));
  const parts = Math.max(200, Math.round(200_000 * (1 + Math.max(0, Math.log2(scale))) * Math.min(1, scale)));
  const lines = Math.round(6_000_000 * scale);
  const who = (
    prefix: string,
    title: string,
    rows: number,
    salt: number,
  ): string => `create table ${title.toLowerCase()} as select i::integer as ${prefix}_key, '${title}#' || lpad(i::varchar, 9, '0') as ${prefix}_name,
    rpad(left(n, 9), 9, ' ') || ${draw(10, salt + 1)} as ${prefix}_city, n as ${prefix}_nation, ${list(NATIONS.map(([, region]) => region))}[pick] as ${prefix}_region, ${list(["AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY"])}[1 + ${draw(5, salt + 2)}] as ${prefix}_segment
    from (select i, 1 + ${draw(25, salt)} as pick, ${list(NATIONS.map(([nation]) => nation))}[pick] as n from range(1, ${rows + 1}) t(i))`;
  return [
    who("c", "Customer", customers, 100),
    who("s", "Supplier", suppliers, 200),
    `create table part as select i::integer as p_key, 'MFGR#' || m as p_mfgr, 'MFGR#' || m || c as p_category, 'MFGR#' || m || c || b as p_brand, 1 + ${draw(50, 304)} as p_size
      from (select i, 1 + ${draw(5, 301)} as m, 1 + ${draw(5, 302)} as c, 1 + ${draw(40, 303)} as b from range(1, ${parts + 1}) t(i))`,
    `create table date_dim as select d::date as d_date, year(d)::integer as d_year, (year(d) * 100 + month(d))::integer as d_yearmonthnum, weekofyear(d)::integer as d_week from generate_series(date '1992-01-01', date '1998-12-31', interval 1 day) t(d)`,
    `create table lineorder as select (i // 4)::integer as lo_orderkey, (1 + i % 4)::tinyint as lo_linenumber, 1 + ${draw(customers, 1)} as lo_custkey, 1 + ${draw(parts, 2)} as lo_partkey, 1 + ${draw(suppliers, 3)} as lo_suppkey,
      (date '1992-01-01' + (hash((i // 4) * 31 + 4) % 2406)::integer) as lo_orderdate, q::tinyint as lo_quantity, (q * price)::integer as lo_extendedprice, discount::tinyint as lo_discount, (q * price * (100 - discount) // 100)::integer as lo_revenue, (price * 6 // 10)::integer as lo_supplycost, ${draw(9, 8)}::tinyint as lo_tax
      from (select i, 1 + ${draw(50, 5)} as q, 900 + ${draw(1200, 6)} * 90 as price, ${draw(11, 7)} as discount from range(${lines}) t(i))`,
  ];
}
