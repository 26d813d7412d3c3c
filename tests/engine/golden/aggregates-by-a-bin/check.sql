with x as (
  select case when age < 30 then '< 30' when age < 50 then '30 – 50' when age >= 50 then '≥ 50' end as k, sum(amount) as r, count(*) as n, count(distinct s.customer_id) as buyers, avg(amount) as average, max(amount) as biggest, min(amount) as smallest, median(amount::double) as middle,
    quantile_cont(amount::double, 0.9) as p90, stddev_samp(amount::double) as spread, sum(amount) filter (where channel = 'web') as web, (sum(amount) - sum(s.cost)) / sum(amount) as margin_rate
  from sales s left join (select customer_id, country, age, status, region_id from customer where valid_until is null) c using (customer_id) group by 1)
select *, r / (select sum(amount) from sales), rank() over (order by r desc) from x
