with x as (select s.*, p.name from sales s left join product p using (product_id))
select 'row', name, count(distinct customer_id), sum(amount) from x group by 2 having count(*) > 263
union all select 'total', null, count(distinct customer_id), sum(amount) from x
