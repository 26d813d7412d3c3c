with x as (select s.*, coalesce(p.name, '?') as name from sales s left join product p using (product_id)), t as (select name from x group by 1 order by sum(amount) desc limit 3)
select 'row', nullif(name, '?'), sum(amount), count(distinct customer_id) from x where name in (from t) group by 2
union all select 'others', null, sum(amount), count(distinct customer_id) from x where name not in (from t)
