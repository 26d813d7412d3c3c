with x as (
  select coalesce(customer_id in (select customer_id from sales where customer_id in (select customer_id from customer) group by 1 having sum(amount) > 1000), false) as k, sum(amount) as r, count(*) as n, count(distinct s.customer_id) as buyers, avg(amount) as average, max(amount) as biggest, min(amount) as smallest, median(amount::double) as middle,
    quantile_cont(amount::double, 0.9) as p90, stddev_samp(amount::double) as spread, sum(amount) filter (where channel = 'web') as web, (sum(amount) - sum(s.cost)) / sum(amount) as margin_rate
  from sales s group by 1)
select *, r / (select sum(amount) from sales), rank() over (order by r desc) from x
