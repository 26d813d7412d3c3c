with x as (select date_trunc('month', sold_on)::date as m, sum(amount) as r, count(*) as n from sales group by 1)
select a.m::varchar, a.r, b.r, a.r - b.r, (a.r - b.r) / b.r, a.n, b.n, a.n - b.n, (a.n - b.n) / b.n from x a join x b on b.m = a.m - interval 3 month where a.m between '2024-04-01' and '2024-06-01'
