with x as (select date_trunc('week', sold_on)::date as w, count(*) as n from sales group by 1)
select a.w::varchar, a.n, b.n, a.n - b.n, (a.n - b.n) / b.n from x a join x b on b.w = a.w - 364 where a.w between '2024-12-30' and '2025-01-13'
