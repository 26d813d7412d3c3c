with x as (
  select type as k, sum(amount * coalesce(w, 1)) as r, sum(coalesce(w, 1)) as n, count(distinct s.customer_id) as buyers, sum(amount * coalesce(w, 1))::double / sum(coalesce(w, 1)) filter (where amount is not null) as average, max(amount) as biggest, min(amount) as smallest, median(amount::double) as middle,
    quantile_cont(amount::double, 0.9) as p90, stddev_samp(amount::double) as spread, sum(amount * coalesce(w, 1)) filter (where channel = 'web') as web, (sum(amount * coalesce(w, 1)) - sum(s.cost * coalesce(w, 1))) / sum(amount * coalesce(w, 1)) as margin_rate
  from sales s left join (select sale_id, type, sum(share) as w from sale_promotion join promotion using (promotion_id) group by 1, 2) b using (sale_id) group by 1)
select *, r / (select sum(amount) from sales), rank() over (order by r desc) from x
