select "k0", "k1", "g", "v0", "v1", ("v0" - "v1") as "v2", (cast(("v0" - "v1") as double) / nullif(cast(abs("v1") as double), 0)) as "v3"
from (select "k0", "k1", 0 as "g", "m0" as "v0", "m1" as "v1"
  from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum((case when ("x"."side" = 0) then "x"."m0" end)) as "m0", sum((case when ("x"."side" = 1) then "x"."m0" end)) as "m1"
    from (select "s"."k1" as "k1", "s"."side" as "side", "y".*
      from (select "y"."k0" as "k0", "y"."d" as "d", sum("y"."a_m0") as "m0"
        from (select "h_seller"."a" as "k0", "f"."amount" as "a_m0", (cast(date_trunc('week', cast("f"."sold_on" as date) + 1) as date) - 1) as "d"
          from "sales" as "f"
          left join (with recursive up(k, a) as (select k, k
              from (select "seller_id" as k, "above" as p
                from "seller") as m union select up.k, m.p
              from up join (select "seller_id" as k, "above" as p
                from "seller") as m on m.k = up.a
              where m.p is not null and m.p <> 0) select k, a
            from up) as "h_seller" on ("f"."product_id" = "h_seller"."k")
          where (("f"."sold_on" >= date '2023-07-30') and ("f"."sold_on" <= date '2024-08-03'))) as "y"
        group by "y"."k0", "y"."d") as "y"
      inner join (values (date '2024-02-04', date '2024-02-04', 0), (date '2024-02-04', date '2024-02-11', 0), (date '2024-02-04', date '2024-02-18', 0), (date '2024-02-04', date '2024-02-25', 0), (date '2024-02-04', date '2024-03-03', 0), (date '2024-02-04', date '2024-03-10', 0), (date '2024-02-04', date '2024-03-17', 0), (date '2024-02-04', date '2024-03-24', 0), (date '2024-02-04', date '2024-03-31', 0), (date '2024-02-04', date '2024-04-07', 0), (date '2024-02-04', date '2024-04-14', 0), (date '2024-02-04', date '2024-04-21', 0), (date '2024-02-04', date '2024-04-28', 0), (date '2024-05-05', date '2024-05-05', 0), (date '2024-05-05', date '2024-05-12', 0), (date '2024-05-05', date '2024-05-19', 0), (date '2024-05-05', date '2024-05-26', 0), (date '2024-05-05', date '2024-06-02', 0), (date '2024-05-05', date '2024-06-09', 0), (date '2024-05-05', date '2024-06-16', 0), (date '2024-05-05', date '2024-06-23', 0), (date '2024-05-05', date '2024-06-30', 0), (date '2024-05-05', date '2024-07-07', 0), (date '2024-05-05', date '2024-07-14', 0), (date '2024-05-05', date '2024-07-21', 0), (date '2024-05-05', date '2024-07-28', 0), (date '2024-02-04', date '2023-07-30', 1), (date '2024-02-04', date '2023-08-06', 1), (date '2024-02-04', date '2023-08-13', 1), (date '2024-02-04', date '2023-08-20', 1), (date '2024-02-04', date '2023-08-27', 1), (date '2024-02-04', date '2023-09-03', 1), (date '2024-02-04', date '2023-09-10', 1), (date '2024-02-04', date '2023-09-17', 1), (date '2024-02-04', date '2023-09-24', 1), (date '2024-02-04', date '2023-10-01', 1), (date '2024-02-04', date '2023-10-08', 1), (date '2024-02-04', date '2023-10-15', 1), (date '2024-02-04', date '2023-10-22', 1), (date '2024-05-05', date '2023-10-29', 1), (date '2024-05-05', date '2023-11-05', 1), (date '2024-05-05', date '2023-11-12', 1), (date '2024-05-05', date '2023-11-19', 1), (date '2024-05-05', date '2023-11-26', 1), (date '2024-05-05', date '2023-12-03', 1), (date '2024-05-05', date '2023-12-10', 1), (date '2024-05-05', date '2023-12-17', 1), (date '2024-05-05', date '2023-12-24', 1), (date '2024-05-05', date '2023-12-31', 1), (date '2024-05-05', date '2024-01-07', 1), (date '2024-05-05', date '2024-01-14', 1), (date '2024-05-05', date '2024-01-21', 1), (date '2024-05-05', date '2024-01-28', 1)) as "s"("k1", "from", "side") on ("y"."d" = "s"."from")) as "x"
    group by "x"."k0", "x"."k1") as "r0"
  where (("m0" is not null) or ("m1" is not null))) as "q"
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
